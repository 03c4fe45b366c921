/**
 * How well a statement about a chain is verified. `proven`: recomputed from contents under a hash that two nodes agree on.
 * `agreed`: two nodes, or an indexer and a node, say the same. `none`: one of them says it.
 */
export const verifications = ['proven', 'agreed', 'none'] as const;
export type Verification = (typeof verifications)[number];
