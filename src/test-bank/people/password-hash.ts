import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const saltBytes = 16;
const keyBytes = 32;

/** A salted hash as text: salt and key, each in base64url, with a dot between. */
export async function passwordHash(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, keyBytes);
  return `${salt.toString('base64url')}.${key.toString('base64url')}`;
}

/** Whether this is the password of the hash. A text that is no hash matches nothing. */
export async function passwordMatches(hash: string, password: string): Promise<boolean> {
  const [salt = '', key = ''] = hash.split('.');
  const expected = Buffer.from(key, 'base64url');
  if (expected.length !== keyBytes) return false;
  return timingSafeEqual(expected, await derive(password, Buffer.from(salt, 'base64url'), keyBytes));
}
