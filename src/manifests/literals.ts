/**
 * A type that `cdk8s import` generated, with each enum replaced by the texts that it stands for. A field that need not be
 * there may be undefined as well: the generated conversions and cdk8s itself leave it out.
 *
 * The generated enums differ from API version to API version, and from field to field, by name alone. Written this
 * way, one value can be checked against the types of every version.
 */
export type Literals<Type> = Type extends string
  ? `${Type}`
  : Type extends readonly (infer Item)[]
    ? readonly Literals<Item>[]
    : Type extends object
      ? { readonly [Field in keyof Type]: Literals<Type[Field]> | Absent<Type, Field> }
      : Type;

/** Undefined for a field that need not be there. */
type Absent<Type, Field extends keyof Type> =
  Partial<Pick<Type, Field>> extends Pick<Type, Field> ? undefined : never;

/** Hands a value that was checked as `Literals` to the generated type that it was checked against. */
export function generated<Type>(value: Literals<Type>): Type {
  return value as Type;
}
