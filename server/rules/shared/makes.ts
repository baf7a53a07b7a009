// Names of functions that make something which has to be given back, or that start something.

/** Doing it twice leaks or doubles something; reading a version or a table twice does not. */
export const MAKES =
  /connect|open|create|obtain|acquire|log_?in|authenticat|session|cluster|start|launch|listen|spawn|build|init|subscribe|register|refresh|renew|make|client|pool/i;

/** Names of places whose second filling leaves something over: a connection that stays open, a token that ends the first. */
export const HOLDS =
  /token|credential|auth|session|client|conn(?:ection)?s?$|pool|channel|socket|transport|driver|browser|writer|reader|_ws$|\bws$|task$|process|server/i;
