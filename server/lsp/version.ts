// Which Lockset this is.

/** Set when the bundle is made. */
declare const LOCKSET_VERSION: string | undefined;

export const VERSION: string = typeof LOCKSET_VERSION === 'string' ? LOCKSET_VERSION : 'development';
