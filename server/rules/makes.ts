// Names of functions that make something which has to be given back, or that start something.

/** Doing it twice leaks or doubles something; reading a version or a table twice does not. */
export const MAKES =
  /connect|open|create|obtain|acquire|log_?in|authenticat|session|cluster|start|launch|listen|spawn|build|init|subscribe|register|refresh|renew|make|client|pool/i;
