import { isCalendarDate } from '../../kernel/calendar-date.ts';
import { parseIban } from '../../kernel/iban.ts';
import { isCurrencyCode, isDecimal } from '../../kernel/money.ts';
import { defineTextScalar } from './define.ts';

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

function isCountryCode(text: string): boolean {
  return /^[A-Z]{2}$/.test(text) && text !== 'ZZ' && regions.of(text) !== undefined;
}

function parseLocale(text: string): string | null {
  try {
    return text.length <= 35 ? (Intl.getCanonicalLocales(text)[0] ?? null) : null;
  } catch {
    return null;
  }
}

function parseUrl(text: string): string | null {
  if (text.length > 2048 || !URL.canParse(text)) return null;
  return /^https?:$/.test(new URL(text).protocol) ? text : null;
}

function parseBic(text: string): string | null {
  const bic = text.toUpperCase();
  return /^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(bic) ? bic : null;
}

defineTextScalar('Date', {
  description: 'A calendar day as `YYYY-MM-DD`, without time or zone: the day as the bank writes it.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  parse: (text) => (isCalendarDate(text) ? text : null),
  allowed: 'a day that exists, as YYYY-MM-DD',
});
defineTextScalar('Decimal', {
  description: 'An exact decimal number as text, such as `"-12.50"`. Never a float: read it with a decimal library.',
  parse: (text) => (isDecimal(text) ? text : null),
  allowed: 'a text with up to 18 digits and 9 decimals, such as "-12.50"',
});
defineTextScalar('CurrencyCode', {
  description: 'An ISO 4217 currency code of three capitals, such as `EUR`.',
  specifiedByURL: 'https://www.iso.org/iso-4217-currency-codes.html',
  parse: (text) => (isCurrencyCode(text) ? text : null),
  allowed: 'an ISO 4217 code in capitals, such as "EUR"',
});
defineTextScalar('IBAN', {
  description: 'An International Bank Account Number (ISO 13616), without spaces, its checksum verified on input.',
  specifiedByURL: 'https://www.iso.org/standard/81090.html',
  parse: parseIban,
  allowed: 'an IBAN whose checksum is right',
});
defineTextScalar('BIC', {
  description: 'A Business Identifier Code (ISO 9362) of 8 or 11 characters.',
  specifiedByURL: 'https://www.iso.org/standard/84108.html',
  parse: parseBic,
  allowed: 'a BIC of 8 or 11 characters, such as "BNPAFRPP"',
});
defineTextScalar('URL', {
  description: 'An absolute web address with `https` or `http`, at most 2048 characters.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  parse: parseUrl,
  allowed: 'an absolute https or http address of at most 2048 characters',
});
defineTextScalar('CountryCode', {
  description: 'An ISO 3166-1 country code of two capitals, such as `FR`.',
  specifiedByURL: 'https://www.iso.org/iso-3166-country-codes.html',
  parse: (text) => (isCountryCode(text) ? text : null),
  allowed: 'an ISO 3166-1 code of two capitals, such as "FR"',
});
defineTextScalar('Locale', {
  description: 'A language tag (BCP 47), such as `fr` or `en-GB`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/bcp/bcp47.txt',
  parse: parseLocale,
  allowed: 'a BCP 47 language tag, such as "fr" or "en-GB"',
});
defineTextScalar('Cursor', {
  description: 'An opaque place in a list. Only hand back what the same list gave, with the same order.',
  parse: (text) => (/^[A-Za-z0-9_+/=-]{1,600}$/.test(text) ? text : null),
  allowed: 'a cursor that this list gave',
});
