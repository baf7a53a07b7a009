// XML as a tree, by a parser that forgives nothing.
import sax from 'sax';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** The text in it, without that of its children. */
  readonly text: string;
}

type Growing = Omit<Element, 'children' | 'text'> & { children: Growing[]; text: string };

/** The root of a document; throws where it is not well-formed or holds a character that XML forbids. */
export function readXml(text: string): Element {
  const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text);
  if (forbidden) throw new Error(`a forbidden character at ${forbidden.index}`);
  const parser = sax.parser(true);
  const open: Growing[] = [{ name: '', attributes: {}, children: [], text: '' }];
  parser.onerror = (error) => {
    throw error;
  };
  parser.onopentag = ({ name, attributes }) => {
    const element: Growing = { name, attributes: attributes as Record<string, string>, children: [], text: '' };
    open[0].children.push(element);
    open.unshift(element);
  };
  parser.onclosetag = () => open.shift();
  parser.ontext = (part) => {
    open[0].text += part;
  };
  parser.write(text).close();
  return open[0].children[0];
}
