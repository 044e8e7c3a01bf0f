import { drawIndex } from '../ledger/random.ts';
import type { Movement } from '../ledger/movement.ts';
import type { Switches } from '../scenario/switches.ts';
import type { TransactionStyle } from './transaction-style.ts';
import { billingText, exchangeLine } from './wire-foreign.ts';

const lineLength = 35;
const splitLength = 27;
const unstructuredMax = 140;
const additionalMax = 500;

/** The remittance text of an entry, where and how the bank writes it. */
export function textOf(movement: Movement, style: TransactionStyle): object {
  const { switches } = style;
  const billing = billingText(movement, switches);
  if (billing !== null) return { remittanceInformationUnstructured: billing };
  const line = exchangeLine(movement, switches);
  const text = printedText(movement, switches);
  const isInLines = switches.text === 'array' || switches.text === 'array-shuffled';
  return textStyles[switches.text](line === null || isInLines ? text : `${text} ${line}`, movement, style);
}

/** The lines of a text, and a line of its own for what was paid in another currency. */
function statementLines(text: string, movement: Movement, { switches }: TransactionStyle): string[] {
  const line = exchangeLine(movement, switches);
  return [...linesOf(text, lineLength), ...(line === null ? [] : [line])];
}

/** The text before it is put into fields. */
function printedText({ text, status, kind, happensOn, merchant, counterparty }: Movement, switches: Switches): string {
  if (status === 'PENDING') {
    if (switches.pending === 'placeholder-text') return 'UMSATZ VORGEMERKT';
    if (switches.pending === 'other-case') return text.toLowerCase();
    if (switches.pending === 'unsigned') return `HOLD ${text}`;
  }
  if (switches.parties === 'in-text') {
    const name = counterparty?.name ?? merchant?.name;
    if (name !== undefined) return kind === 'card' ? `BEA, Betaalpas ${name},PAS123` : `/NAME/${name}/REMI/${text}`;
  }
  if (switches.dates === 'card-date-in-text' && kind === 'card' && merchant) {
    return `(..1234) ${happensOn} 09:32 ${merchant.name}\\${merchant.city}`;
  }
  return text;
}

type TextStyle = (text: string, movement: Movement, style: TransactionStyle) => object;

const plain: TextStyle = (text) =>
  text.length <= unstructuredMax
    ? { remittanceInformationUnstructured: text }
    : {
        remittanceInformationUnstructured: text.slice(0, unstructuredMax),
        additionalInformation: text.slice(0, additionalMax),
      };

const textStyles: Readonly<Record<Switches['text'], TextStyle>> = {
  unstructured: plain,
  'cut-140': (text) => ({ remittanceInformationUnstructured: text.slice(0, unstructuredMax) }),
  array: (text, movement, style) => ({
    remittanceInformationUnstructuredArray: statementLines(text, movement, style),
  }),
  'array-shuffled': (text, movement, style) => {
    const lines = statementLines(text, movement, style);
    const turn = drawIndex(`${movement.id}|shuffle`, lines.length);
    return { remittanceInformationUnstructuredArray: [...lines.slice(turn), ...lines.slice(0, turn)] };
  },
  structured: (text) => ({ remittanceInformationStructured: text.slice(0, unstructuredMax) }),
  'additional-information': (text) => ({ additionalInformation: text.slice(0, additionalMax) }),
  overlong: (text, { reference }) => ({
    remittanceInformationUnstructured: `${text} REFERENZ ${reference} `.repeat(6).slice(0, 300).trim(),
  }),
  'keyword-split': (text, { reference }) => {
    const lines = linesOf(`${text} End-to-End-Ref.: NOTPROVIDED Kundenreferenz: ${reference}`, splitLength);
    return {
      remittanceInformationUnstructured: lines.join(' ').slice(0, unstructuredMax),
      remittanceInformationUnstructuredArray: lines,
    };
  },
  narrative: (text, { merchant }) => ({
    additionalInformation: `atmPosName: ${merchant?.name ?? ''}, narrative: [${linesOf(text, lineLength)
      .map((line) => `'${line}'`)
      .join(', ')}]`.slice(0, additionalMax),
  }),
  labelled: (text, { counterparty }) => ({
    remittanceInformationUnstructured:
      `mandatereference:${counterparty?.mandateId ?? ''},creditorid:${counterparty?.creditorId ?? ''},remittanceinformation:${text}`.slice(
        0,
        unstructuredMax,
      ),
  }),
  escaped: (text) => ({
    remittanceInformationUnstructured: text
      .replace(/[^A-Za-z0-9 ]/g, (sign) => `\\U${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .slice(0, unstructuredMax),
  }),
  semicolons: (text) => ({
    remittanceInformationUnstructured: `/Txt/D|${text.replaceAll(' ', ';')}`.slice(0, unstructuredMax),
  }),
  dash: (text, movement, style) =>
    style.position % 2 === 0 ? { remittanceInformationUnstructured: '-' } : plain(text, movement, style),
  scattered: (text, movement, style) => {
    const fields = [plain, textStyles.structured, textStyles['additional-information']];
    return (fields[style.position % fields.length] ?? plain)(text, movement, style);
  },
};

function linesOf(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, line) =>
    text.slice(line * length, (line + 1) * length),
  );
}
