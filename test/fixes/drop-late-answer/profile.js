import { makeAutoObservable, runInAction } from 'mobx';
import { api } from './api.js';

export class Profiles {
	profile = null;

	constructor() {
		makeAutoObservable(this);
	}

	async select(id) {
		if (!id) return;
		const profile = await api.profile(id);
		runInAction(() => {
			this.profile = profile;
		});
	}
}
