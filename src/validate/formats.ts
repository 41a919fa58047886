const int32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

const text = (validate: (value: string) => boolean) => ({ type: 'string', validate }) as const;
const number = (validate: (value: number) => boolean) => ({ type: 'number', validate }) as const;

/**
 * The formats that the API server checks in CRDs, as far as they occur in the field's schemas. The API server ignores
 * every other format, and so does this.
 *
 * Source: apiextensions-apiserver, the list of supported formats of v1 CRDs.
 */
export const formats = {
  'date-time': text((value) =>
    /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(value),
  ),
  datetime: text((value) => !Number.isNaN(Date.parse(value))),
  date: text((value) => /^\d{4}-\d\d-\d\d$/.test(value)),
  byte: text((value) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)),
  uri: text((value) => URL.canParse(value, 'https://relative.example')),
  int32: number((value) => value >= int32.min && value <= int32.max),
} as const;
