/**
 * A type that `cdk8s import` generated, with each enum replaced by the texts that it stands for.
 *
 * The generated enums differ from API version to API version, and from field to field, by name alone. Written this
 * way, one value can be checked against the types of every version.
 */
export type Literals<Type> = Type extends string
  ? `${Type}`
  : Type extends object
    ? { readonly [Field in keyof Type]: Literals<Type[Field]> }
    : Type;

/** Hands a value that was checked as `Literals` to the generated type that it was checked against. */
export function generated<Type>(value: Literals<Type>): Type {
  return value as Type;
}
