import type { JsonEntry, JsonText } from '../../json/node.ts';
import { splitArn } from '../arn.ts';
import type { PrincipalPattern } from '../model.ts';
import { nameOf, type Report } from './report.ts';

const types = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;
const allowedAws = 'an account number, or the ARN of an account (:root), role, user or role session, or "*"';

/**
 * Reads a Principal element. A wildcard inside of a name is no pattern there: AWS refuses it.
 *
 * Source: IAM User Guide, "AWS JSON policy elements: Principal".
 */
export function readPrincipal(entry: JsonEntry, report: Report): PrincipalPattern[] {
  const { value } = entry;
  if (value.type === 'string') return readEveryone(value, report);
  if (value.type !== 'object' || value.entries.length === 0) {
    const found = value.type === 'object' ? 'empty' : nameOf(value);
    report.syntax(value.location, `"Principal" is ${found}`, `"*", or an object with ${types.join(', ')}`);
    return [];
  }
  report.unknownKeys(value, 'Principal', types);
  return value.entries.flatMap((one) => {
    const texts = report.texts(one) ?? [];
    if (one.key === 'AWS') return texts.flatMap((text) => readAws(text, report));
    if (one.key === 'Service') return texts.flatMap((text) => readService(text, report));
    if (one.key === 'Federated') return texts.flatMap((text) => readFederated(text, report));
    if (one.key === 'CanonicalUser') {
      report.unknown(one.location, 'canonical users are not judged', types.slice(0, 3).join(', '));
    }
    return [];
  });
}

function readEveryone({ value, location }: JsonText, report: Report): PrincipalPattern[] {
  if (value === '*') return [{ type: 'any', value: '', location }];
  report.syntax(location, `"Principal" is the text "${value}"`, '"*", or an object such as { "AWS": … }');
  return [];
}

function readAws({ value, location }: JsonText, report: Report): PrincipalPattern[] {
  if (value === '*') return [{ type: 'any', value: '', location }];
  if (/^\d{12}$/.test(value)) return [{ type: 'account', value, location }];
  const [, , service, region, account = '', resource = ''] = splitArn(value) ?? [];
  const isAccount = /^\d{12}$/.test(account) && region === '' && !/[*?]/.test(resource);
  if (isAccount && service === 'iam' && resource === 'root')
    return [{ type: 'account', value: account, location }];
  if (isAccount && service === 'iam' && /^(role|user)\/./.test(resource))
    return [{ type: 'arn', value, location }];
  if (isAccount && service === 'sts' && /^assumed-role\/[^/]+\/[^/]+$/.test(resource)) {
    return [{ type: 'arn', value, location }];
  }
  if (/^A[A-Z]{3}[A-Z0-9]{12,}$/.test(value)) {
    const message = `"${value}" is the unique id of a role or user, perhaps of one that was deleted`;
    report.unknown(location, message, allowedAws);
  } else if (isAccount && service === 'sts' && /^federated-user\/./.test(resource)) {
    report.unknown(location, 'federated user sessions are not judged', allowedAws);
  } else report.syntax(location, `"${value}" is no AWS principal`, allowedAws);
  return [];
}

function readService({ value, location }: JsonText, report: Report): PrincipalPattern[] {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value)) return [{ type: 'service', value, location }];
  report.syntax(location, `"${value}" is no service`, 'a name such as pods.eks.amazonaws.com');
  return [];
}

function readFederated({ value, location }: JsonText, report: Report): PrincipalPattern[] {
  const [, , service, , account = '', resource = ''] = splitArn(value) ?? [];
  const isProvider = /^(oidc|saml)-provider\/[^*?]+$/.test(resource) && /^\d{12}$/.test(account);
  const isName = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value);
  if (isName || (service === 'iam' && isProvider)) return [{ type: 'federated', value, location }];
  report.syntax(location, `"${value}" is no identity provider`, 'the ARN of an OIDC or SAML provider in IAM');
  return [];
}
