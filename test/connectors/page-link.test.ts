import { describe, expect, test } from 'vitest';
import { browserLink, followLink } from '../../src/connectors/page-link.ts';

const base = 'https://bank.example/berlin-group/v1';
const page = new URL('https://bank.example/berlin-group/v1/accounts/1/transactions?bookingStatus=both');

describe('followLink', () => {
  test.each([
    [
      'absolute',
      'https://bank.example/berlin-group/v1/accounts/1/transactions?page=2',
      '/berlin-group/v1/accounts/1/transactions?page=2',
    ],
    [
      'from the root',
      '/berlin-group/v1/accounts/1/transactions?page=2',
      '/berlin-group/v1/accounts/1/transactions?page=2',
    ],
    [
      "without the bank's prefix",
      '/v1/accounts/1/transactions?page=2',
      '/berlin-group/v1/accounts/1/transactions?page=2',
    ],
    [
      'without prefix and version',
      '/accounts/1/transactions?page=2',
      '/berlin-group/v1/accounts/1/transactions?page=2',
    ],
    ['without a slash', 'accounts/1/transactions?a=b?c', '/berlin-group/v1/accounts/1/transactions?a=b?c'],
    ['a bare query', '?page=2', '/berlin-group/v1/accounts/1/transactions?page=2'],
    ['another path of the bank, given whole', 'https://bank.example/download/7#x', '/download/7'],
    [
      "N26's without the equals sign",
      '?dateFrom2022-01-05&dateTo2022-07-04',
      '/berlin-group/v1/accounts/1/transactions?dateFrom=2022-01-05&dateTo=2022-07-04',
    ],
  ])('reads a link that is %s', (_, href, expected) => {
    const url = followLink(base, page, href);
    expect(url.origin).toBe('https://bank.example');
    expect(url.pathname + url.search + url.hash).toBe(expected);
  });

  test.each([
    'https://evil.example/berlin-group/v1/accounts',
    'http://bank.example/berlin-group/v1/accounts',
    'https://bank.example:8443/berlin-group/v1/accounts',
    'https://bank.example@evil.example/',
    'https://user:password@bank.example/',
    '//evil.example/accounts',
    '/\\evil.example/accounts',
    '\\\\evil.example\\accounts',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://169.254.169.254/latest/meta-data',
    'https://',
    '',
    '   ',
    `/accounts?${'x'.repeat(5000)}`,
  ])('never leads away from the bank: %s', (href) => {
    let url: URL | null = null;
    try {
      url = followLink(base, page, href);
    } catch (error) {
      expect(error).toMatchObject({ code: 'BANK_ERROR' });
    }
    if (url) expect(url.origin).toBe('https://bank.example');
  });

  test('refuses a foreign host that hides behind backslashes when the bank has no prefix', () => {
    const bare = 'https://bank.example';
    for (const href of ['\\\\evil.example', '/\\evil.example', '\\/evil.example'])
      expect(() => followLink(bare, new URL(bare), href)).toThrow('does not lead to the bank');
  });
});

describe('browserLink', () => {
  test('takes the pages of another host, and relative ones', () => {
    expect(browserLink(base, 'https://login.bank.example/approve?x=1').href).toBe(
      'https://login.bank.example/approve?x=1',
    );
    expect(browserLink(base, '/berlin-group/v1/approve').href).toBe('https://bank.example/berlin-group/v1/approve');
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://bank.example', '', 'https://'])('refuses %s', (href) => {
    expect(() => browserLink(base, href)).toThrow('no usable address');
  });
});
