import type { BankTransaction } from '../domain/bank-snapshot.ts';
import type { CategoryDecision } from '../domain/change-set.ts';
import type { TransactionType } from '../domain/transaction.ts';
import { foldText } from '../kernel/fold-text.ts';
import { keywordRules } from './category-keywords.ts';
import { merchantCodeRules } from './category-merchant-codes.ts';

type Direction = 'OUT' | 'IN';

/** What a category is decided by. */
export type CategoryFacts = Pick<
  BankTransaction,
  'money' | 'type' | 'merchantCategoryCode' | 'counterpartyName' | 'label' | 'bankText'
>;

/** Instruments that are a category by themselves, whatever the text says. */
const keyByType: Readonly<Partial<Record<TransactionType, Readonly<Record<Direction, string>>>>> = {
  CREDIT_CARD_PAYMENT: { OUT: 'INTERNAL_TRANSFER_DEFERRED_CARD', IN: 'INTERNAL_TRANSFER_CREDIT_CARD' },
  INTERNAL_TRANSFER: { OUT: 'INTERNAL_TRANSFER_OWN_ACCOUNTS', IN: 'INTERNAL_TRANSFER_OWN_ACCOUNTS' },
  ATM: { OUT: 'CASH_WITHDRAWAL', IN: 'CASH_DEPOSIT' },
  CASH: { OUT: 'CASH_WITHDRAWAL', IN: 'CASH_DEPOSIT' },
  DEPOSIT: { OUT: 'CASH_WITHDRAWAL', IN: 'CASH_DEPOSIT' },
  CHECK: { OUT: 'CHEQUE_PAID', IN: 'CHEQUE_DEPOSITED' },
  INTEREST: { OUT: 'BANK_FEES_OVERDRAFT', IN: 'INCOME_INTEREST_DIVIDENDS' },
  DIVIDEND: { OUT: 'SAVINGS_SECURITIES', IN: 'INCOME_INTEREST_DIVIDENDS' },
};

/** What an instrument suggests when neither merchant code nor text tells more. */
const fallbackByType: Readonly<Partial<Record<TransactionType, Readonly<Partial<Record<Direction, string>>>>>> = {
  BANK_FEE: { OUT: 'BANK_FEES_ACCOUNT', IN: 'BANK_FEES_ACCOUNT' },
  DIRECT_DEPOSIT: { IN: 'INCOME_SALARY' },
};

const wordsInPhraseMax = 4;
const wordsReadMax = 40;

const keyByPhrase = indexPhrases();
const keyByMerchantCode = indexMerchantCodes();

/**
 * The category of a transaction, or null when nothing tells. In this order: an instrument that is a category by itself;
 * a known phrase of several words in the counterparty's name; the merchant category code; the longest known phrase of
 * the name, the label and the bank's text; what the instrument suggests. A phrase comes before the code, for a
 * supermarket's petrol station often has the supermarket's; a single word does not, for it may mean many things.
 */
export function categorize(transaction: CategoryFacts): CategoryDecision | null {
  const key = keyOf(transaction);
  return key === null ? null : { key, source: 'MODEL' };
}

function keyOf({ money, type, merchantCategoryCode, ...texts }: CategoryFacts): string | null {
  const direction: Direction = money.amount.startsWith('-') ? 'OUT' : 'IN';
  const byType = keyByType[type]?.[direction];
  if (byType !== undefined) return byType;
  if (type === 'BANK_FEE') return feeKeyOf(texts.bankText, direction);
  const byMerchantCode = merchantCategoryCode === null ? undefined : keyByMerchantCode.get(merchantCategoryCode);
  return (
    keyOfText(texts.counterpartyName, direction, 2) ??
    byMerchantCode ??
    keyOfText(texts.counterpartyName, direction) ??
    keyOfText(texts.label, direction) ??
    keyOfText(texts.bankText, direction) ??
    fallbackByType[type]?.[direction] ??
    null
  );
}

/** A fee stays a fee even where its text names a shop. */
function feeKeyOf(bankText: string, direction: Direction): string | null {
  const key = keyOfText(bankText, direction);
  return key?.startsWith('BANK_FEES_') ? key : (fallbackByType.BANK_FEE?.[direction] ?? null);
}

/** The category of the longest known phrase in the text; of two as long, the earlier one. */
function keyOfText(text: string | null, direction: Direction, wordsMin = 1): string | null {
  if (!text) return null;
  const index = keyByPhrase[direction];
  const words = foldText(text).split(/[^A-Z0-9]+/, wordsReadMax);
  for (let length = wordsInPhraseMax; length >= wordsMin; length -= 1) {
    for (let start = 0; start + length <= words.length; start += 1) {
      const phrase = length === 1 ? words[start] : words.slice(start, start + length).join(' ');
      const key = phrase === undefined ? undefined : index.get(phrase);
      if (key !== undefined) return key;
    }
  }
  return null;
}

function indexPhrases(): Readonly<Record<Direction, ReadonlyMap<string, string>>> {
  const index = { OUT: new Map<string, string>(), IN: new Map<string, string>() };
  for (const rule of keywordRules) {
    for (const phrase of rule.phrases) {
      if (rule.direction !== 'IN') index.OUT.set(phrase, rule.key);
      if (rule.direction !== 'OUT') index.IN.set(phrase, rule.key);
    }
  }
  return index;
}

function indexMerchantCodes(): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  for (const [key, codes] of merchantCodeRules) {
    for (const range of codes.split(' ')) {
      const [from = '', to = from] = range.split('-');
      for (let code = Number(from); code <= Number(to); code += 1) {
        index.set(String(code).padStart(4, '0'), key);
      }
    }
  }
  return index;
}
