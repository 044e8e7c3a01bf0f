/**
 * ISO 20022 codes for the business transaction codes of the German banks (Geschäftsvorfallcodes, DFÜ-Abkommen, appendix
 * 3, chapter 8.2.7), as far as they tell an instrument.
 */
const isoByBusinessCode: Readonly<Record<string, string>> = {
  '004': 'PMNT-RDDT',
  '005': 'PMNT-RDDT',
  '008': 'PMNT-ICDT-STDO',
  '020': 'PMNT-ICDT',
  '051': 'PMNT-RCDT',
  '052': 'PMNT-RCDT',
  '053': 'PMNT-RCDT-SALA',
  '082': 'PMNT-CNTR-CDPT',
  '083': 'PMNT-CCRD-CWDL',
  '101': 'PMNT-ICHQ',
  '102': 'PMNT-ICHQ',
  '104': 'PMNT-RDDT',
  '105': 'PMNT-RDDT',
  '106': 'PMNT-CCRD',
  '116': 'PMNT-ICDT',
  '117': 'PMNT-ICDT-STDO',
  '118': 'PMNT-IRCT',
  '152': 'PMNT-RCDT',
  '153': 'PMNT-RCDT-SALA',
  '166': 'PMNT-RCDT',
  '168': 'PMNT-RRCT',
  '170': 'PMNT-RCHQ',
  '171': 'PMNT-IDDT',
  '191': 'PMNT-ICDT',
  '192': 'PMNT-IDDT',
  '194': 'PMNT-RCDT',
  '805': 'ACMT-ACOP-FEES',
  '808': 'ACMT-MDOP-FEES',
  '814': 'ACMT-MCOP-INTR',
};

/** The ISO code that a proprietary one of the German form `NDDT+105+931` stands for, or null. */
export function isoOfBusinessCode(proprietary: string | undefined): string | null {
  const [, code = ''] = /^[A-Z][A-Z0-9]{3}\+(\d{3})(?:\+|$)/.exec(proprietary?.slice(0, 40) ?? '') ?? [];
  return Object.hasOwn(isoByBusinessCode, code) ? (isoByBusinessCode[code] ?? null) : null;
}
