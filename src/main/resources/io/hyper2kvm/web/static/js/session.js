// The token of this tab. It is never written to a cookie, the URL or lasting storage.
const NAME = 'hyper2kvm.token';
let token = stored();

function stored() {
  try {
    return sessionStorage.getItem(NAME) ?? '';
  } catch {
    return '';
  }
}

export function currentToken() {
  return token;
}

/** @param keep whether the token also survives a reload of this tab */
export function useToken(value, keep) {
  token = value;
  try {
    if (keep && value) {
      sessionStorage.setItem(NAME, value);
    } else {
      sessionStorage.removeItem(NAME);
    }
  } catch {
    // Without storage it is in memory alone.
  }
}
