import type { Ajv } from 'ajv';

const int32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

/**
 * Teaches ajv the formats that the API server checks in CRDs, as far as they occur in the field's schemas. The API
 * server ignores every other format, and so does this.
 *
 * Source: apiextensions-apiserver, the list of supported formats of v1 CRDs.
 */
export function addFormats(ajv: Ajv, used: Iterable<string>): void {
  const known: Readonly<Record<string, (value: string) => boolean>> = {
    'date-time': (value) => /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(value),
    datetime: (value) => !Number.isNaN(Date.parse(value)),
    date: (value) => /^\d{4}-\d\d-\d\d$/.test(value),
    byte: (value) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
    uri: (value) => URL.canParse(value, 'https://relative.example'),
  };
  for (const name of used) {
    const check = known[name];
    if (name === 'int32')
      ajv.addFormat(name, { type: 'number', validate: (value) => value >= int32.min && value <= int32.max });
    else if (check) ajv.addFormat(name, check);
    else ajv.addFormat(name, true);
  }
}
