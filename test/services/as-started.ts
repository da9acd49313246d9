/** As `npm start` runs the program: few heaps of the C library, and what Node has compiled is kept for the next process. */
export const asStarted = {
  MALLOC_ARENA_MAX: "2",
  NODE_COMPILE_CACHE: new URL("../../node_modules/.cache/yuanba", import.meta.url).pathname,
};
