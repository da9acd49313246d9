/** As `npm start` runs the program: what Node has compiled of it is kept for the next process. */
export const compiledCode = {
  NODE_COMPILE_CACHE: new URL("../../node_modules/.cache/yuanba", import.meta.url).pathname,
};
