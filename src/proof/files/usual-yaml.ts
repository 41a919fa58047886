import { isPlainText, isQuotedText } from './plain-yaml.ts';

/**
 * Whether a text is YAML as most people write it, which all readers of YAML 1.1 and 1.2 that take it read alike: on each line
 * a key, a value or both, where a value is a plain text, a text in single quotes, true, false, a whole number, an empty list
 * or mapping, or the sign of a text of several lines below. It may still be no YAML at all.
 */
export function isUsualYaml(text: string): boolean {
  const scan = new Scan();
  return text.split(/\r?\n/).every((line) => scan.takes(line));
}

const printable = /^[ -~]*$/;
const usualLine = /^( *(?:- )?)(?:([^ ':]+):(?: (?! )(.*))?|(.*))$/;
const usualValue = /^(?:true|false|0|-?[1-9]\d{0,8}|\{\}|\[\]|\|-?)$/;
/** A colon within a word is part of it, and so is a number sign. */
const word = '[!-9;-~]*(?::+[!-9;-~]+)*';
const start = '(?:[A-Za-z_/$]|\\./)';
const severalWords = new RegExp(`^${start}${word}(?: (?!#)[!-9;-~]${word})+$`);
/** No word that means something is as long. */
const longWord = new RegExp(`^(?![Ee][+-]?\\d+$)${start}[!-9;-~]{5}${word}$`);

class Scan {
  /** How far in the key stands of a text of several lines, and the text's first line. */
  private key: number | undefined;
  private first: number | undefined;

  takes(line: string): boolean {
    const indent = line.search(/[^ ]/);
    if (!printable.test(line) || (indent === -1 && line !== '')) return false;
    if (this.key !== undefined) {
      if (indent === -1) return true;
      if (indent > this.key) {
        this.first ??= indent;
        return indent >= this.first;
      }
      this.key = undefined;
      this.first = undefined;
    }
    return line === '' || line === '---' || line.startsWith('#') || this.isUsual(line);
  }

  private isUsual(line: string): boolean {
    const [, before = '', key, value, item] = usualLine.exec(line) ?? [];
    const own = value ?? item;
    if (key !== undefined && !isPlainText(key)) return false;
    if (own === undefined) return true;
    if (own.startsWith('|')) {
      const isOfItem = key === undefined;
      if (isOfItem && !before.endsWith('- ')) return false;
      this.key = isOfItem ? before.length - 2 : before.length;
    }
    return (
      [usualValue, severalWords, longWord].some((one) => one.test(own)) ||
      isPlainText(own) ||
      isQuotedText(own)
    );
  }
}
