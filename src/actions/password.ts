import { hash, verify } from '@node-rs/argon2';

/** argon2id with the parameters of the OWASP password storage cheat sheet: 19 MiB, two passes, one lane. */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash of a password that nobody knows, so that an unknown name costs as much work as a wrong password. */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$Ljy1obLIZIZ5GcE13pFk2w$jNYfhWQGJPVD3JStaaU8v10c+EyKWydxb+rxG6CoOkQ';

const lengthMin = 6;
const lengthMax = 1024;

/** What is wrong with a password, and the rule; null when it is good. */
export function passwordProblem(password: string): string | null {
  const isGood =
    password.length >= lengthMin && password.length <= lengthMax && /\p{L}/u.test(password) && /\p{Nd}/u.test(password);
  return isGood ? null : `Choose ${lengthMin} to ${lengthMax} characters with at least one letter and one digit.`;
}

/** The argon2id hash of a password or of a client's secret, in PHC form. */
export function hashPassword(password: string): Promise<string> {
  return hash(canonical(password), parameters);
}

/**
 * True when the password matches one of the hashes. Without any hash it does the same work and answers false; with two
 * it compares both, so the time does not tell which one fitted. What is no argon2 hash, such as `!`, fits nothing.
 */
export async function verifyPassword(hashes: readonly string[], password: string): Promise<boolean> {
  const usable = hashes.filter((candidate) => candidate.startsWith('$argon2'));
  const candidates = usable.length > 0 ? usable : [nobodysHash];
  const matches = await Promise.all(candidates.map((candidate) => verify(candidate, canonical(password))));
  return usable.length > 0 && matches.includes(true);
}

/** The same characters typed on another keyboard may arrive in another form (NIST SP 800-63B, 3.1.1.2). */
function canonical(password: string): string {
  return password.normalize('NFKC');
}
