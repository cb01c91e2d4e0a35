/** Path of the outline below the site's root; the bundler fills it in. */
declare const OUTLINE_NAME: string;
