import type { Location } from '../../findings/finding.ts';
import { matchesAction } from '../iam/match.ts';
import type { Policy, Statement } from '../iam/model.ts';
import { decryptAction, readActions } from './requests.ts';

/** A permission that is wider than what a role is for. */
export interface WidePermission {
  readonly location: Location;
  /** The action or resource as the statement writes it, or all but it. */
  readonly text: string;
  readonly what: 'action' | 'resource';
}

/** Actions that an access role may have. kms:DescribeKey reads nothing of a secret. */
export const accessActions: readonly string[] = [...readActions, decryptAction, 'kms:DescribeKey'];

/** Actions that a role on the way to the access role may have. */
export const hopActions: readonly string[] = ['sts:AssumeRole', 'sts:TagSession'];

/** What a policy allows beyond these actions. A wildcard is beyond: AWS adds actions that it will match. */
export function actionsBeyond(policies: readonly Policy[], known: readonly string[]): WidePermission[] {
  const actions = new Set(known.map((action) => action.toLowerCase()));
  return allowing(policies).flatMap((statement) => {
    const { not, values } = statement.actions;
    const beyond = not ? values : values.filter(({ source }) => !actions.has(source.toLowerCase()));
    return beyond.map(({ source, location }) => ({
      location,
      text: written(source, not),
      what: 'action' as const,
    }));
  });
}

/** What a policy allows on other resources than these. */
export function resourcesBeyond(policies: readonly Policy[], known: ReadonlySet<string>): WidePermission[] {
  return allowing(policies).flatMap((statement) => {
    const { not = false, values = [] } = statement.resources ?? {};
    const beyond = not ? values : values.filter(({ source }) => !known.has(source));
    return beyond.map(({ source, location }) => ({
      location,
      text: written(source, not),
      what: 'resource' as const,
    }));
  });
}

/** Statements of a guard that deny what owners of secrets and their operators have to do, or that deny nothing. */
export function statementsBeyond({ statements }: Policy): { statement: Statement; action?: string }[] {
  const needed = [...readActions, decryptAction, ...hopActions];
  return statements.flatMap((statement) => {
    if (statement.effect === 'Allow') return [{ statement }];
    const action = needed.find((one) => matchesAction(statement.actions, one));
    return action === undefined ? [] : [{ statement, action }];
  });
}

function allowing(policies: readonly Policy[]): Statement[] {
  return policies.flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Allow'));
}

function written(source: string, not: boolean): string {
  return not ? `anything but ${source}` : source;
}
