import type { Decision, Policies, Request } from './model.ts';

/** Whether IAM allows a request under these policies, and which statements decide it. */
export function evaluate(request: Request, policies: Policies): Decision {
  throw new Error(`not decided: ${request.action} ${policies.identity.length}`);
}
