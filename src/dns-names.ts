/** What a DNS-1123 label is made of, such as the name of a Namespace. Source: Kubernetes, "Object Names and IDs". */
export const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** The same of a DNS-1123 subdomain, such as the names of most objects. */
export const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a text is a DNS-1123 label, of at most 63 characters. */
export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && dnsLabel.test(name);
}

/** Whether a text is a DNS-1123 subdomain, of at most 253 characters. */
export function isDnsSubdomain(name: string): boolean {
  return name.length <= 253 && dnsSubdomain.test(name);
}
