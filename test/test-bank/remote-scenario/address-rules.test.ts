import { describe, expect, it } from 'vitest';
import { mayFetchFrom } from '../../../src/test-bank/remote-scenario/address-rules.ts';

const loopback = ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'];
const closed = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::ffff:10.0.0.1',
  '::ffff:a9fe:a9fe',
  '::7f00:1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'ff02::1',
  'not an address',
];
const open = ['1.1.1.1', '172.15.0.1', '172.32.0.1', '192.167.1.1', '2606:4700::1111', '::ffff:1.1.1.1'];

describe('where a scenario may come from', () => {
  it('is the public internet by default', () => {
    expect([...loopback, ...closed].filter((address) => mayFetchFrom(address, 'public'))).toEqual([]);
    expect(open.filter((address) => !mayFetchFrom(address, 'public'))).toEqual([]);
  });

  it('is this machine as well where the operator says so, and nothing else that is private', () => {
    expect(loopback.filter((address) => !mayFetchFrom(address, 'public-and-loopback'))).toEqual([]);
    expect(closed.filter((address) => mayFetchFrom(address, 'public-and-loopback'))).toEqual([]);
  });

  it('is anywhere where the operator says so', () => {
    expect([...loopback, ...open, '10.0.0.1'].filter((address) => !mayFetchFrom(address, 'any'))).toEqual([]);
  });
});
