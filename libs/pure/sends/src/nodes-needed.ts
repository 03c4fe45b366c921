/** How many independent nodes decide: one alone may lie, or be behind. */
export const NODES_NEEDED = 2;
