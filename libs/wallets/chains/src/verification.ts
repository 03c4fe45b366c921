/**
 * How well a statement about a chain is verified. `agreed`: two nodes, or an indexer and a node, say the same. `single`: one of
 * them says it. `none`: nothing is known.
 */
export const verifications = ['agreed', 'single', 'none'] as const;
export type Verification = (typeof verifications)[number];
