import type { z } from 'zod';
import { ReadItems } from '../yaml/items.ts';
import type { Plain } from '../yaml/reader.ts';
import type { ServiceSpec } from './schema.ts';
import { isMapping } from './values.ts';

/** What the schemas of the main file and of an included one have in common. */
export interface WithServices {
  readonly services?: readonly ServiceSpec[] | undefined;
}

/** What a process remembers of the input, for the next time that it reads it. */
export class InputMemory {
  readonly items: ReadItems = new ReadItems();
  /** By the very value that was read. */
  private readonly valid = new WeakMap<object, ServiceSpec>();

  /** What `schema` says of a file, without asking it again about services that were valid before. */
  safeParse<T extends WithServices>(schema: z.ZodType<T>, value: Plain): z.ZodSafeParseResult<T> {
    if (!isMapping(value) || !Array.isArray(value.services)) return schema.safeParse(value);
    const { services } = value;
    const others = services.filter((one) => !this.valid.has(one as object));
    const result = schema.safeParse({ ...value, services: others });
    // Where something is wrong, paths are those of the whole.
    if (!result.success) return schema.safeParse(value);
    result.data.services?.forEach((service, index) => {
      this.valid.set(others[index] as object, service);
    });
    const all = services.map((one) => this.valid.get(one as object));
    return { success: true, data: { ...result.data, services: all } };
  }
}
