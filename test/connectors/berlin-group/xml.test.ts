import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elementsAt, textAt, visitElements, type XmlElement } from '../../../src/connectors/berlin-group/xml.ts';

function read(xml: string, name = 'b'): XmlElement[] {
  const found: XmlElement[] = [];
  visitElements(xml, name, (element) => found.push(element));
  return found;
}

describe('elements of XML', () => {
  test('are told by name, whatever their namespace, with texts and attributes', () => {
    const xml = `<?xml version="1.0"?><x:a xmlns:x="urn:1"><x:b k="1"> one <x:c>&lt;two&gt; &amp; <![CDATA[<3>]]></x:c></x:b><b/></x:a>`;
    const [first, second] = read(xml);
    expect(first).toMatchObject({ name: 'b', attributes: { k: '1' } });
    expect(textAt(first!)).toBe('one');
    expect(textAt(first!, 'c')).toBe('<two> & <3>');
    expect(second).toMatchObject({ text: '', children: [] });
    expect(textAt(second!, 'c', 'd')).toBeUndefined();
    expect(elementsAt(first!, 'c').map(({ name }) => name)).toEqual(['c']);
  });

  test('around the wanted ones are named, and not kept', () => {
    expect([...visitElements('<a><b><c/></b><d/></a>', 'b', () => {})]).toEqual(['a', 'd']);
  });

  test('within one of the same name belong to it', () => {
    expect(read('<a><b><b>inner</b></b></a>')).toHaveLength(1);
  });
});

describe('XML that a bank should not send', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY l "lol">${Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n} "${`&l${n === 0 ? '' : n - 1};`.repeat(10)}">`).join('')}]><a><b>&l8;</b></a>`;
  test.each([
    ['entities that explode', bomb, 'defines its own document type'],
    ['a file of ours', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b>&x;</b></a>', 'document type'],
    ['a document type alone', '<!DOCTYPE html><a><b/></a>', 'document type'],
    ['an unknown entity', '<a><b>&nbsp;</b></a>', 'not well-formed'],
    ['an entity named like a property', '<a><b>&constructor;</b></a>', 'not well-formed'],
    ['an entity of no text', '<a><b>&#0;</b></a>', 'not well-formed'],
    ['a control character', '<a><b>\u0007</b></a>', 'not well-formed'],
    ['a document that breaks off', '<a><b>1</b>', 'not well-formed'],
    ['elements that cross', '<a><b></a></b>', 'not well-formed'],
    ['two documents', '<a><b/></a><a/>', 'not well-formed'],
    ['deep nesting', `${'<a>'.repeat(100_000)}`, 'nests deeper than 40'],
    ['deep nesting within', `<a><b>${'<c>'.repeat(100_000)}`, 'nests deeper than 40'],
    ['a wide element', `<a><b>${'<c/>'.repeat(100_000)}</b></a>`, 'more than 2000 parts'],
    ['nothing', '', 'not well-formed'],
  ])('is refused: %s', (_, xml, message) => {
    expect(() => read(xml)).toThrow(message);
  });

  test('has its longest texts cut', () => {
    expect(read(`<a><b>${'x'.repeat(5_000_000)}</b></a>`)[0]?.text).toHaveLength(10_000);
  });

  test('is read or refused, and never a bug, whatever it is', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'b',
      '<b>',
      '</b>',
      '&',
      ';',
      '<!',
      '[CDATA[',
      ']]>',
      '"',
      '=',
      '<?',
      '\0',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          read(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'BANK_ERROR' });
        }
      }),
    );
  });
});
