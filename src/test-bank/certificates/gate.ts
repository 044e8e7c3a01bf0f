import type { X509Certificate as NodeCertificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Bank } from '../bank.ts';
import { Refusal } from '../refusal.ts';
import type { ScenarioHosts } from '../remote-scenario/address-rules.ts';
import { parseSignature, requireDigest, requireSignature } from './http-signature.ts';
import { sealOfBerlinGroup, sealOfStet } from './seal.ts';
import { readCertificate, requireThirdParty, type ThirdPartyCertificate } from './third-party-certificate.ts';

/** Who may call, by the switches of the scenario: the same rules at every face. */
export interface Gate {
  /** The certificate that the caller showed on TLS; null on plain HTTP or when he showed none. */
  certificateOf(context: Context): ThirdPartyCertificate | null;
  /** Whether that is a right QWAC, whatever the switches say. */
  isTrusted(certificate: ThirdPartyCertificate): boolean;
  /**
   * Where the bank wants a QWAC: the organizationIdentifier of a right one, else null. Throws CERTIFICATE_MISSING,
   * CERTIFICATE_INVALID, CERTIFICATE_EXPIRED or ROLE_INVALID.
   */
  requireCertificate(context: Context): string | null;
  /** Where the bank wants signed calls: checks digest, certificate and signature. Throws SIGNATURE_* and CERTIFICATE_*. */
  requireSignature(context: Context, dialect: 'berlin-group' | 'stet'): Promise<void>;
}

export interface GateOptions {
  /** The roots of the trust service providers whose certificates this bank accepts. */
  readonly trustedRoots: readonly NodeCertificate[];
  /** Where certificates named by address may be fetched from. */
  readonly certificateHosts: ScenarioHosts;
}

/** Signed wherever they are sent (Implementation Guidelines 1.3, 12.2). */
const berlinGroupSigned = ['psu-id', 'psu-corporate-id', 'date', 'tpp-redirect-uri'];

const bodyBytesMax = 200_000;

export function openGate(bank: Bank, { trustedRoots, certificateHosts }: GateOptions): Gate {
  const switches = () => bank.scenario().bank.switches;
  function requireCertificate(context: Context): string | null {
    if (switches().certificate === 'ignored') return null;
    const certificate = peerCertificate(context);
    if (!certificate) {
      throw new Refusal(401, 'CERTIFICATE_MISSING', 'This bank wants a client certificate (QWAC) on TLS.');
    }
    return requireThirdParty(certificate, 'web', trustedRoots, bank.clock.now());
  }
  return {
    certificateOf: peerCertificate,
    isTrusted(certificate) {
      try {
        return requireThirdParty(certificate, 'web', trustedRoots, bank.clock.now()) !== '';
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
    },
    requireCertificate,
    async requireSignature(context, dialect) {
      if (switches().signature === 'ignored') return;
      const headers = context.req.header();
      const signature = parseSignature(headers['signature']);
      const { pathname, search } = new URL(context.req.url);
      const body = await copyOfBody(context.req.raw);
      const request = { method: context.req.method, target: `${pathname}${search}`, headers, body };
      const isBerlinGroup = dialect === 'berlin-group';
      if (isBerlinGroup || body.length > 0 || headers['digest'] !== undefined) requireDigest(request);
      const seal = isBerlinGroup
        ? sealOfBerlinGroup(signature, headers['tpp-signature-certificate'])
        : await sealOfStet(signature, certificateHosts);
      const organization = requireThirdParty(seal, 'seal', trustedRoots, bank.clock.now());
      const holder = requireCertificate(context);
      if (holder !== null && holder !== organization) {
        throw new Refusal(401, 'CERTIFICATE_INVALID', 'QWAC and QSealC are of different organisations.');
      }
      const required = isBerlinGroup
        ? ['digest', 'x-request-id', ...berlinGroupSigned.filter((name) => headers[name] !== undefined)]
        : ['(request-target)', 'x-request-id', ...(body.length > 0 ? ['digest'] : [])];
      requireSignature(signature, request, required, seal.publicKey);
    },
  };
}

/** A copy is read: whoever handles the call reads the body again. */
async function copyOfBody(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.clone().body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bodyBytesMax) throw new Refusal(413, 'FORMAT_ERROR', `The body is larger than ${bodyBytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function peerCertificate(context: Context): ThirdPartyCertificate | null {
  const bindings: Partial<HttpBindings> = context.env ?? {};
  return bindings.incoming ? certificateOfCaller(bindings.incoming) : null;
}

/** The client certificate of a connection; null on plain HTTP or when none was shown. */
export function certificateOfCaller({ socket }: IncomingMessage): ThirdPartyCertificate | null {
  const node = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return node ? readCertificate(node.raw) : null;
}
