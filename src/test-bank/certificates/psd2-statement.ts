import * as asn1 from 'asn1js';

/** Roles of a payment service provider (ETSI TS 119 495, 4.5.1). */
export const psd2Roles = ['PSP_AS', 'PSP_PI', 'PSP_AI', 'PSP_IC'] as const;
export type Psd2Role = (typeof psd2Roles)[number];

/** What a qualified certificate is for: a seal on messages (QSealC) or the authentication of a web site (QWAC). */
export type QualifiedType = 'seal' | 'web';

/** The statements of a PSD2 certificate (ETSI EN 319 412-5, TS 119 495). Null where a statement is absent. */
export interface QualifiedStatements {
  readonly isCompliant: boolean;
  readonly type: QualifiedType | null;
  readonly roles: readonly Psd2Role[] | null;
  /** The national competent authority: its name, and country and short name such as `FR-ACPR`. */
  readonly authority: { readonly name: string; readonly id: string } | null;
}

export const qualifiedStatementsOid = '1.3.6.1.5.5.7.1.3';
const complianceOid = '0.4.0.1862.1.1';
const typeOid = '0.4.0.1862.1.6';
const psd2Oid = '0.4.0.19495.2';
const typeOids: Readonly<Record<QualifiedType, string>> = { seal: `${typeOid}.2`, web: `${typeOid}.3` };
const roleOids: Readonly<Record<Psd2Role, string>> = {
  PSP_AS: '0.4.0.19495.1.1',
  PSP_PI: '0.4.0.19495.1.2',
  PSP_AI: '0.4.0.19495.1.3',
  PSP_IC: '0.4.0.19495.1.4',
};

const oid = (value: string) => new asn1.ObjectIdentifier({ value });
const text = (value: string) => new asn1.Utf8String({ value });
const sequence = (...value: asn1.BaseBlock[]) => new asn1.Sequence({ value });

/** The value of the extension id-pe-qcStatements, as DER. */
export function encodeStatements(
  type: QualifiedType,
  roles: readonly Psd2Role[],
  authority: { readonly name: string; readonly id: string },
): ArrayBuffer {
  const roleList = roles.map((role) => sequence(oid(roleOids[role]), text(role)));
  return sequence(
    sequence(oid(complianceOid)),
    sequence(oid(typeOid), sequence(oid(typeOids[type]))),
    sequence(oid(psd2Oid), sequence(sequence(...roleList), text(authority.name), text(authority.id))),
  ).toBER();
}

/** Reads the value of the extension; null when it is not a list of statements. */
export function decodeStatements(der: ArrayBuffer): QualifiedStatements | null {
  const result = parsed(der);
  if (!(result instanceof asn1.Sequence)) return null;
  const infos = new Map<string, asn1.AsnType | undefined>();
  for (const statement of result.valueBlock.value) {
    const [id, info] = partsOf(statement);
    if (!(id instanceof asn1.ObjectIdentifier)) return null;
    infos.set(id.getValue(), info);
  }
  const types = new Set(partsOf(infos.get(typeOid)).map(oidOf));
  const [roleList, authorityName, authorityId] = partsOf(infos.get(psd2Oid));
  const roleIds = new Set(partsOf(roleList).map((role) => oidOf(partsOf(role)[0])));
  return {
    isCompliant: infos.has(complianceOid),
    type: types.has(typeOids.web) ? 'web' : types.has(typeOids.seal) ? 'seal' : null,
    roles: infos.has(psd2Oid) ? psd2Roles.filter((role) => roleIds.has(roleOids[role])) : null,
    authority:
      authorityName instanceof asn1.Utf8String && authorityId instanceof asn1.Utf8String
        ? { name: authorityName.getValue(), id: authorityId.getValue() }
        : null,
  };
}

/** asn1js says that bytes are no BER in one of two ways: it throws where a length leads beyond their end. */
function parsed(der: ArrayBuffer): asn1.AsnType | null {
  try {
    const { offset, result } = asn1.fromBER(der);
    return offset === -1 ? null : result;
  } catch {
    return null;
  }
}

function partsOf(block: asn1.AsnType | undefined): asn1.AsnType[] {
  return block instanceof asn1.Sequence ? block.valueBlock.value : [];
}

function oidOf(block: asn1.AsnType | undefined): string | null {
  return block instanceof asn1.ObjectIdentifier ? block.getValue() : null;
}
