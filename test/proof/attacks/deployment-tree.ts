/** What attacks on the way to the clusters have in common: the files that they change, and what is found of them. */
export const both = { tree: 'deployed' } as const;

export const says = (file: string, at: string, message: string) => ({
  rule: 'proof-document' as const,
  file,
  at,
  says: message,
});

/** The repository that dist stands in. */
export const repository = 'https://git.example.com/platform/secrets.git';

/** One of somebody else. */
export const another = 'https://git.example.com/somebody/else.git';
