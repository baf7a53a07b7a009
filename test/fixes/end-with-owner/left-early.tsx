// Effects that are left early, before the timer is there and after that.
import { useEffect, useState } from 'react';

export function Clock({ on, quiet }: { on: boolean; quiet: boolean }) {
  const [now, setNow] = useState(0);

  useEffect(() => {
    if (!on) return;
    setInterval(() => setNow(Date.now()), 1000);
    console.log('ticking');
  }, [on]);

  useEffect(() => {
    setInterval(() => setNow(Date.now()), 1000);
    if (quiet) return;
    console.log('ticking');
  }, [quiet]);

  return <time>{now}</time>;
}
