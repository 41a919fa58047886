/** Texts that somebody could put into a name, a value, a key or the name of a file, by what they are meant to do. */
export const attacks: Readonly<Record<string, string>> = {
  'a terminal sequence': '\u001b[2J\u001b[31mx',
  'the title of the terminal': '\u001b]0;owned\u0007',
  'a link of a terminal': '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\',
  'a terminal sequence in one character': '\u009b2J\u009d8;;https://evil.example\u009c',
  'a line that is written over': 'owned\rfine\b\b\b\b',
  'letters that run backwards': '\u202ednuora\u2066x\u2069\u200f',
  'what nobody sees': 'a\u200b\u00ad\ufeff\u{e0041}b',
  'a line of its own': 'x\u2028y\u2029z\u0085',
  'a command to GitHub': '::error file=x::owned',
  'a command to GitHub in a new line': 'x\n::set-output name=x::owned\r\n  ::stop-commands::x',
  'a command to GitHub in escapes': 'x%0A::error::owned%0D%0A::add-mask::e',
  'an older command to GitHub': 'x ##[error]owned ##[add-mask]e',
  'a fold of GitLab': '\u001b[0Ksection_start:1560896352:x\r\u001b[0Kowned',
  'a mention': '@octocat @org/team &#64;octocat',
  'a reference': '#1 GH-1 octo/repo#1 deadbeefdeadbeefdeadbeefdeadbeefdeadbeef',
  'a link': '[click](https://evil.example) https://evil.example www.evil.example evil@evil.example',
  'an image': '![x](https://evil.example/x.png) <img src=https://evil.example/x.png>',
  markup: '</details></script><script>owned()</script><b onclick=owned()>x</b> <!-- eso-abac diff -->',
  'code that ends': '` `` ``` ```` ~~~\n# owned\n- | x |',
};

/** What no output may hold but as an escape: line feeds are ours. */
const obeyed = /[^\P{Cc}\n]|\p{Cf}|\u2028|\u2029|##\[/u;

/** The places in an output at which a terminal or GitHub's runner would obey. `github` prints commands of its own. */
export function obeyedIn(output: string, format = 'text'): string[] {
  const own =
    /^::(?:error|warning) title=[a-z-]+(?:,(?:file=[^,:\n]*|line=\d+|col=\d+|endLine=\d+|endColumn=\d+))*::/;
  return output
    .split('\n')
    .filter((line) => obeyed.test(line) || (/^\s*::/.test(line) && !(format === 'github' && own.test(line))));
}

/** Markdown without its code: spans, of which a run of backticks closes at the next one of the same length, and fences. */
export function outsideCode(markdown: string): string {
  return markdown
    .replace(/^ *```json\n[\s\S]*?\n *```$/gm, '')
    .split('\n')
    .map(outsideSpans)
    .join('\n');
}

/** A line without its code spans: a run of backticks closes at the next one of the same length. */
export function outsideSpans(line: string): string {
  const runs = [...line.matchAll(/`+/g)];
  let [text, from, index] = ['', 0, 0];
  while (index < runs.length) {
    const open = runs[index];
    const close = runs.findIndex((run, at) => at > index && run[0].length === open?.[0].length);
    index = close === -1 ? index + 1 : close + 1;
    if (open === undefined || close === -1) continue;
    text += line.slice(from, open.index);
    from = (runs[close]?.index ?? 0) + open[0].length;
  }
  return text + line.slice(from);
}

/** What of the attacks would be a mention, a reference, a link, an image or an element, in Markdown outside of code. */
export const rendered =
  /octocat|octo\/repo|(?<![\w&])#1|GH-1|evil|owned|<(?!details>|summary>|\/summary>|\/details>|!-- eso-abac diff -->$)[a-z/!]/im;
