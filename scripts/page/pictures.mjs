// Pictures of the report's page for the documentation.
import path from 'node:path';

/** Writes them to a folder. `reportOf`: see run.mjs. */
export async function takePictures({ context, reportOf }, folder) {
  const page = await context.newPage();
  const take = async (name, scheme, section) => {
    await page.emulateMedia({ colorScheme: scheme });
    const shown = page.locator(section).first();
    await shown.evaluate((element) => element.scrollIntoView());
    await page.waitForTimeout(500);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  };
  await page.setViewportSize({ width: 1200, height: 900 });
  await page.goto(reportOf('pictures', 'examples'));
  await take('report-page', 'light', 'h1');
  await take('report-map', 'dark', '#map');
  await take('report-schedule', 'light', '#finding-list table');
  await page.close();
}
