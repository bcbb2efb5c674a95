/** The attributes that an address may set, by the same names. What is none of them is somebody else's and left alone. */
export const PARAMETERS = ['src', 'scenario', 'seed', 'servers', 'speed', 'start-at', 'range', 'pause-on', 'readonly', 'autoplay', 'loading', 'controls', 'poster', 'theme', 'lang', 'pre-vote', 'check-quorum', 'lease-reads', 'snapshot-every'] as const;

export const isParameter = (name: string): boolean => (PARAMETERS as readonly string[]).includes(name);
