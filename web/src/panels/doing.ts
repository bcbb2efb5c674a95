/** What can be done to a run, all of it: the menus on the stage and the drawer of faults. Fetched once somebody reaches for it. */

export { Menus } from '../menu/menus';
export { Faults } from './faults';
