/**
 * Gives each cluster one of the roles that could be its operator's, and as many roles as possible a cluster: each role
 * that dist holds is there for one. It is a maximum matching, found by augmenting paths, so that a role which fits a
 * second cluster leaves it to a role that fits no other.
 *
 * @param fitting for each cluster the roles with which its stores work, the likelier ones first
 */
export function assignRoles(fitting: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const roleOf = new Map<string, string>();
  const place = (role: string, tried: Set<string>): boolean => {
    for (const [cluster, roles] of fitting) {
      if (tried.has(cluster) || !roles.includes(role)) continue;
      tried.add(cluster);
      const present = roleOf.get(cluster);
      if (present === undefined || place(present, tried)) {
        roleOf.set(cluster, role);
        return true;
      }
    }
    return false;
  };
  for (const role of new Set([...fitting.values()].flat())) place(role, new Set());
  for (const [cluster, [first]] of fitting) {
    if (first !== undefined && !roleOf.has(cluster)) roleOf.set(cluster, first);
  }
  return roleOf;
}
