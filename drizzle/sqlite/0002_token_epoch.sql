CREATE TABLE `imported_users` (
	`id` integer PRIMARY KEY NOT NULL,
	`fingerprints` blob NOT NULL
);
--> statement-breakpoint
ALTER TABLE `users` ADD `token_epoch` integer DEFAULT 0 NOT NULL;