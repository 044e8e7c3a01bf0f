import { z } from 'zod';
import type { Issue } from '../domain/failure.ts';
import { passwordProblem } from './password.ts';

const emailLengthMax = 254;

const email = z.email().max(emailLengthMax);

export interface UserInput {
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly locale?: string | null | undefined;
}

/** Everything that is wrong with what is given of a user; what is absent is not judged. */
export function userIssues(input: UserInput): readonly Issue[] {
  const issues: Issue[] = [];
  if (input.email !== undefined && !email.safeParse(input.email).success) {
    issues.push({
      path: ['email'],
      message: `Give an e-mail address such as name@example.com, of at most ${emailLengthMax} characters.`,
    });
  }
  const weakness = input.password === undefined ? null : passwordProblem(input.password);
  if (weakness !== null) issues.push({ path: ['password'], message: weakness });
  if (typeof input.locale === 'string' && !isLocale(input.locale)) {
    issues.push({ path: ['locale'], message: 'Give a language tag of BCP 47, such as fr or fr-FR.' });
  }
  return issues;
}

function isLocale(text: string): boolean {
  if (text.length > 35) return false;
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
