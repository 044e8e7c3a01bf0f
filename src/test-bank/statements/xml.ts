/** A piece of XML that is escaped already. */
export interface Xml {
  readonly xml: string;
}

type Content = Xml | string | null | readonly (Xml | null)[];

/** An element: text is escaped, nested elements are taken as they are, null is left out. */
export function element(name: string, content: Content, attributes: Readonly<Record<string, string>> = {}): Xml {
  const opening = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(' ');
  return { xml: `<${opening}>${inner(content)}</${name}>` };
}

/** The element, or nothing where there is no text. */
export function optional(name: string, text: string | null | undefined): Xml | null {
  return text === null || text === undefined || text === '' ? null : element(name, text);
}

/** A whole document in UTF-8. */
export function xmlDocument(root: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`;
}

function inner(content: Content): string {
  if (content === null) return '';
  if (typeof content === 'string') return escaped(content);
  return 'xml' in content ? content.xml : content.map((child) => child?.xml ?? '').join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has no place for control characters, nor for halves of surrogate pairs: they become a space. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ' ')
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
