import { SaxesParser } from 'saxes';
import { Failure } from '../../domain/failure.ts';

/** An element of XML without its namespace: ISO 20022 changes that with every version, and the names stay. */
export interface XmlElement {
  readonly name: string;
  /** Its own text as it stands, without that of the elements within. */
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const depthMax = 40;
const childrenMax = 2000;
const textCharactersMax = 10_000;

/**
 * Hands over each element of this name, in the order of the document, and returns the names of the elements around
 * them, which are not kept otherwise: memory holds one entry and not the document. Throws BANK_ERROR for what is not well-formed, breaks off, nests deeper
 * than any statement does, or brings a document type: entities of its own are how XML is made to explode.
 */
export function visitElements(xml: string, name: string, visit: (element: XmlElement) => void): ReadonlySet<string> {
  const parser = new SaxesParser();
  const open: OpenElement[] = [];
  const around = new Set<string>();
  let depth = 0;
  const refuse = (why: string) => {
    throw new Failure('BANK_ERROR', { message: `The bank answered with XML that ${why}.` });
  };
  parser.on('error', () => refuse('is not well-formed'));
  parser.on('doctype', () => refuse('defines its own document type'));
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > depthMax) refuse(`nests deeper than ${depthMax} elements`);
    const local = localName(tag.name);
    if (open.length > 0 || local === name)
      open.push({ name: local, attributes: tag.attributes, children: [], text: '' });
    else if (around.size < childrenMax) around.add(local);
  });
  const addText = (text: string) => {
    const current = open.at(-1);
    if (current) current.text += text.slice(0, textCharactersMax - current.text.length);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    depth -= 1;
    const closed = open.pop();
    if (!closed) return;
    const parent = open.at(-1);
    if (!parent) return visit(closed);
    if (parent.children.length >= childrenMax) refuse(`has more than ${childrenMax} parts in one element`);
    parent.children.push(closed);
  });
  parser.write(xml).close();
  return around;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The elements at the end of a path of names. */
export function elementsAt(element: XmlElement, ...path: readonly string[]): readonly XmlElement[] {
  let found: readonly XmlElement[] = [element];
  for (const name of path) found = found.flatMap(({ children }) => children.filter((child) => child.name === name));
  return found;
}

/** The text of the first element at the end of a path, without white space around it; undefined where there is none. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | undefined {
  return elementsAt(element, ...path)[0]?.text.trim() || undefined;
}
