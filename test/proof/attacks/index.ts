import { admissionExpressions } from './admission-expressions.ts';
import { admissionFilled } from './admission-filled.ts';
import { admissionNames } from './admission-names.ts';
import { admissionReach } from './admission-reach.ts';
import { admissionRefused } from './admission-refused.ts';
import { admissionRights } from './admission-rights.ts';
import { admissionTogether } from './admission-together.ts';
import { admissionUntried } from './admission-untried.ts';
import { annotations } from './annotations.ts';
import { appliedAttacks } from './applied.ts';
import type { Group } from './attack.ts';
import { conditions } from './conditions.ts';
import { deployment } from './deployment.ts';
import { kept } from './deployment-kept.ts';
import { guards } from './guards.ts';
import { harmless } from './harmless.ts';
import { helm } from './helm.ts';
import { ofIdleClusters } from './idle-clusters.ts';
import { ofOtherClusters } from './other-clusters.ts';
import { outsideAttacks } from './outsiders.ts';
import { passedOver } from './passed-over.ts';
import { readers } from './readers.ts';
import { rights } from './rights.ts';
import { roles } from './roles.ts';
import { secrets } from './secrets.ts';
import { templates } from './templates.ts';
import { tenants } from './tenants.ts';
import { trust } from './trust.ts';
import { unmadeRoles } from './unmade-roles.ts';

export { harmless };

/** Every attack, in the order of docs/security.md. */
export const groups: readonly Group[] = [
  conditions,
  rights,
  { ...trust, attacks: [...trust.attacks, ...outsideAttacks] },
  { ...roles, attacks: [...roles.attacks, ...ofOtherClusters, ...unmadeRoles] },
  { ...templates, attacks: [...templates.attacks, ...appliedAttacks, ...admissionRefused] },
  helm,
  { ...deployment, attacks: [...deployment.attacks, ...passedOver, ...kept, ...annotations] },
  readers,
  tenants,
  {
    ...admissionReach,
    attacks: [
      ...admissionReach.attacks,
      ...admissionNames,
      ...admissionFilled,
      ...admissionTogether,
      ...admissionUntried,
      ...ofIdleClusters,
    ],
  },
  admissionExpressions,
  admissionRights,
  secrets,
  guards,
];
