import type {
  AccessReport,
  ReportService,
  ReportStatement,
  ReportStore,
  ReportTag,
} from '../../explain/access-report.ts';

/** Gives each text a number; the page looks it up again. */
class Texts {
  readonly all: string[] = [];
  private readonly numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.all.length);
    return this.all.push(text) - 1;
  }

  /** -1 stands for none. */
  optional(text: string | undefined): number {
    return text === undefined ? -1 : this.number(text);
  }

  tags(tags: readonly ReportTag[]): number[] {
    return tags.flatMap(({ key, value }) => [this.number(key), this.number(value)]);
  }
}

/**
 * A report as the data of its page: services and secrets as lists of numbers, each text once, so that ten thousand
 * services are some megabytes. `decode.js` of the page is the other half.
 */
export function encode(report: AccessReport): object {
  const { services, secrets, findings, ...rest } = report;
  const texts = new Texts();
  const statements = new Map<ReportStatement, number>();
  const encodedSecrets = secrets.map(({ name, account, region, identity, kmsKey, place, tags }) => {
    const [file, line] = splitPlace(place);
    const texted = [name, account, region, identity, file].map((text) => texts.number(text));
    return [...texted, line, texts.optional(kmsKey), texts.tags(tags)];
  });
  const encodedServices = services.map((service) => encodeService(service, texts, statements));
  return {
    ...rest,
    findings: findings.map(({ counterexample, ...finding }) => finding),
    statements: [...statements.keys()],
    secrets: encodedSecrets,
    services: encodedServices,
    texts: texts.all,
  };
}

function splitPlace(place: string): readonly [string, number] {
  const colon = place.lastIndexOf(':');
  return [place.slice(0, colon), Number(place.slice(colon + 1))];
}

function encodeService(
  service: ReportService,
  texts: Texts,
  statements: Map<ReportStatement, number>,
): readonly unknown[] {
  const named = [service.service, service.cluster, service.namespace].map((text) => texts.number(text));
  const wants = service.wants.map(({ externalSecret, store = -1, key, secret = -1, allowed }) => [
    texts.number(externalSecret),
    store,
    texts.number(key),
    secret,
    Number(allowed),
  ]);
  return [
    ...named,
    ['ok', 'blocked', 'foreign'].indexOf(service.state),
    service.identities.map((identity) => texts.number(identity)),
    service.stores.map((store) => encodeStore(store, texts, statements)),
    wants,
  ];
}

function encodeStore(
  { name, region, sessionTags, roles, statement, refused, reads }: ReportStore,
  texts: Texts,
  statements: Map<ReportStatement, number>,
): readonly unknown[] {
  if (statement !== undefined && !statements.has(statement)) statements.set(statement, statements.size);
  return [
    texts.number(name),
    texts.number(region),
    texts.tags(sessionTags),
    roles.map((role) => texts.number(role)),
    statement === undefined ? -1 : (statements.get(statement) ?? -1),
    texts.optional(refused),
    reads,
  ];
}
