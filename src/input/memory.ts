import type { z } from 'zod';
import { ReadItems } from '../yaml/items.ts';
import type { Plain } from '../yaml/reader.ts';
import type { ServiceSpec } from './schema.ts';

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
    const services = servicesIn(value);
    const others = services.filter((one) => this.validOf(one) === undefined);
    const isKnown = others.length < services.length;
    const result = schema.safeParse(isKnown ? { ...(value as object), services: others } : value);
    // Where something is wrong, paths are those of the whole.
    if (!result.success) return isKnown ? schema.safeParse(value) : result;
    result.data.services?.forEach((service, index) => {
      this.valid.set(others[index] as object, service);
    });
    if (!isKnown) return result;
    return { success: true, data: { ...result.data, services: services.map((one) => this.validOf(one)) } };
  }

  private validOf(service: Plain): ServiceSpec | undefined {
    return typeof service === 'object' && service !== null ? this.valid.get(service) : undefined;
  }
}

function servicesIn(value: Plain): readonly Plain[] {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  const services = isMapping ? value.services : undefined;
  return Array.isArray(services) ? services : [];
}
