import { rootCertificates } from 'node:tls';
import { Agent } from 'undici';
import { bankLookup, type BankNetworks, type ResolveBank } from './bank-addresses.ts';
import type { BankIdentity } from './bank-identity.ts';

interface AgentOptions {
  readonly connectionsPerBankMax: number;
  readonly connectTimeoutMilliseconds: number;
  readonly answerTimeoutMilliseconds: number;
  readonly resolve?: ResolveBank;
}

/** The pools of connections: a connection opened with one identity's certificate serves nobody else. */
export interface BankAgents {
  of(identity: BankIdentity | null, networks: BankNetworks): Agent;
  close(): Promise<void>;
}

/** Identities are the operator's configuration, so that there are few; agents are made when first used. */
export function createBankAgents(options: AgentOptions): BankAgents {
  const agents = new Map<BankIdentity | null, Map<BankNetworks, Agent>>();

  function open(identity: BankIdentity | null, networks: BankNetworks): Agent {
    return new Agent({
      connections: options.connectionsPerBankMax,
      pipelining: 1,
      headersTimeout: options.answerTimeoutMilliseconds,
      bodyTimeout: options.answerTimeoutMilliseconds,
      maxHeaderSize: 32 * 1024,
      connect: {
        timeout: options.connectTimeoutMilliseconds,
        lookup: bankLookup(networks, options.resolve),
        ...(identity?.tls ? { cert: identity.tls.certificate, key: identity.tls.privateKey } : {}),
        ...(identity?.authorities === undefined ? {} : { ca: [...rootCertificates, identity.authorities] }),
      },
    });
  }

  return {
    of(identity, networks) {
      const own = agents.get(identity) ?? new Map<BankNetworks, Agent>();
      agents.set(identity, own);
      const agent = own.get(networks) ?? open(identity, networks);
      own.set(networks, agent);
      return agent;
    },
    async close() {
      await Promise.all([...agents.values()].flatMap((own) => [...own.values()].map((agent) => agent.close())));
    },
  };
}
