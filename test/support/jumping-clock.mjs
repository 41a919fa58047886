/** To be loaded before the command: each look at the clock is years before or behind the last one. */
const real = Date.now;
let looks = 0;
Date.now = () => real() + [-1e12, 1e12, 0][looks++ % 3];
