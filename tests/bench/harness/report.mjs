export async function report(results) { return JSON.stringify(results.peers, null, 1).slice(0, 1000); }
