/** In the classic script, late parts that nobody has asked for wait until somebody has asked for another. */
export { whenLate as ahead } from './pieces';
