CREATE TABLE `audit_log` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor_id` integer NOT NULL,
	`actor_username` text NOT NULL,
	`target_id` integer NOT NULL,
	`target_username` text NOT NULL,
	`action` text NOT NULL,
	`address` text NOT NULL,
	`outcome` text NOT NULL,
	`changes` text
);
--> statement-breakpoint
CREATE INDEX `audit_log_target` ON `audit_log` (`target_id`);--> statement-breakpoint
CREATE TABLE `imports` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`summary` text NOT NULL,
	`findings` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `sessions` ADD `started_at` integer;