import type { Finding } from '../findings/finding.ts';
import type { ReadItems } from '../yaml/items.ts';
import { readYamlDocuments, type YamlFile } from '../yaml/reader.ts';

/** The deepest nesting that is read; the format itself needs seven levels. */
const maxDepth = 32;

/**
 * Reads one YAML 1.2 document. Nothing is thrown: what is wrong with it becomes findings, a second document among them.
 *
 * @param file path that findings name
 * @param known what was read before, and remembers this
 */
export function readYaml(file: string, text: string, known?: ReadItems): YamlFile {
  const [first, second] = readYamlDocuments(file, text, { maxDepth, known });
  if (first === undefined) throw new Error('a text without documents');
  if (second === undefined) return first;
  const twoDocuments: Finding = {
    rule: 'yaml-syntax',
    severity: 'error',
    message: 'a second YAML document begins here',
    allowed: 'one document in each file',
    location: first.locateRange(second.start, second.start + 1),
  };
  return { ...first, findings: [...first.findings, twoDocuments] };
}
