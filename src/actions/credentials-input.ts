import type { Credentials } from '../connectors/connector.ts';
import { invalidInput, type Issue } from '../domain/failure.ts';
import type { ChannelDefinition } from '../store/providers.ts';

/** One field of a form as it was filled in. */
export interface CredentialInput {
  readonly name: string;
  readonly value: string;
}

/**
 * Checks what a person typed against the form that the provider's entry describes. Every issue is named at once, by
 * field names and places alone: a value is never repeated. Failure: VALIDATION_FAILED (credentials).
 */
export function checkCredentials(
  { credentialFields: fields }: Pick<ChannelDefinition, 'credentialFields'>,
  credentials: readonly CredentialInput[],
): Credentials {
  const given = new Map(credentials.map(({ name, value }) => [name, value]));
  const names = fields.map(({ name }) => name).join(', ') || 'none';
  const issues: Issue[] = credentials.flatMap(({ name, value }, index): Issue[] => {
    const path = ['credentials', index];
    const field = fields.find((known) => known.name === name);
    if (!field) return [{ path: [...path, 'name'], message: `No field of this form; its fields are: ${names}.` }];
    if (credentials.findIndex((other) => other.name === name) !== index) {
      return [{ path: [...path, 'name'], message: 'Given twice.' }];
    }
    if (value.length <= field.maxLength) return [];
    return [{ path: [...path, 'value'], message: `May have at most ${field.maxLength} characters.` }];
  });
  for (const { name, isRequired } of fields) {
    if (!isRequired || given.get(name)) continue;
    issues.push({ path: ['credentials'], message: `The field ${name} must be filled.` });
  }
  if (issues.length > 0) throw invalidInput(issues);
  return Object.fromEntries(given);
}
